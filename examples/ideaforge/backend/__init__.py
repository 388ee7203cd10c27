"""The backend of the reference application: an API that takes jobs, tells how they are, and a worker that does them."""
