"""名册: the roll of lawyers, trainees and grassroots workers, the bureaus' feed and desk, the wire to others."""
