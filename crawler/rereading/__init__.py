"""Reading again: when reading or selectors improve, every stored page is read anew; no verdict is touched."""
