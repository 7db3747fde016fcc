"""Files that shops have, as rows with line numbers and reasons. No Django models in here."""
