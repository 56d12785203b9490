"""Pages of bills: the payer's, the court's, and the door of the payment gateway."""
