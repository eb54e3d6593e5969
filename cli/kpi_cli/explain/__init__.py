"""What `inspect`, `kpis` and `formats` show: each thing once as a page for people and once as JSON for programs."""
