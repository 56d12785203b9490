"""Import contract: another domain is entered through its front doors, or not at all."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FrontDoor(Contract):
    """Between siblings under `parent` only the rooms in `doors` may be imported; tests may look anywhere."""

    type_name = "front_door"
    parent = fields.StringField()
    doors = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every import between two siblings."""
        depth = str(self.parent).count(".") + 1
        inside = [module for module in graph.modules if module.startswith(f"{self.parent}.")]
        broken = [
            (importer, imported)
            for importer in inside
            if "tests" not in importer.split(".")
            for imported in graph.find_modules_directly_imported_by(importer)
            if imported.startswith(f"{self.parent}.") and not self._is_fine(importer, imported, depth)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import and what to do instead."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(
                f"{importer} walks past the front door into {imported}: call its actions or queries, "
                "or let site/wiring.py connect the two"
            )

    def _is_fine(self, importer: str, imported: str, depth: int) -> bool:
        ours, theirs = importer.split("."), imported.split(".")
        return ours[depth] == theirs[depth] or theirs[depth + 1 : depth + 2] in [[door] for door in self.doors]
