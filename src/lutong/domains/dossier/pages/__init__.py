"""Pages of the dossier: reading, the ZIP file, and the court's volume desk."""
