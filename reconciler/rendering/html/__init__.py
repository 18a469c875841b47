"""Pages: views as HTML, one file each that needs nothing else."""
