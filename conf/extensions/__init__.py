"""The site's own Sphinx extensions, one module each."""
