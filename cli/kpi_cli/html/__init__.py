"""Any answer as one page for a browser: no script, nothing from a network, and it prints."""
