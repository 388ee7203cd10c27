"""How quick chartgen is beside its peers: `make bench`."""
