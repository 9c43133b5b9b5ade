"""How the site is built: values only; what they need in code is in ``extensions``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

project = "Activation Functions: The Driving Force of Neural Networks"
author = "The actdocs contributors"
project_copyright = "The actdocs contributors. Text and figures CC BY 4.0, code BSD-3-Clause"
language = "en"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "extensions.figures",
    # What MyST-NB and sphinx-gallery show is executed between the set-up of the one and the work of the other.
    "myst_nb",
    "extensions.freshness",
    "sphinx_gallery.gen_gallery",
    "extensions.maths",
    "extensions.pages",
    "extensions.examples",
    "extensions.findings",
    "extensions.atlas",
    "extensions.measured",
    "extensions.records",
    "extensions.table",
    "extensions.cheatsheet",
    "extensions.search",
    "extensions.hosting",
    "extensions.versions",
    "extensions.offline",
    "extensions.icons",
    "extensions.slides",
    "extensions.play",
]
templates_path = [str(HERE / "templates")]  # autosummary takes a relative path from docs/, Sphinx from here
exclude_patterns = [
    "conftest.py",
    "README.md",
    "auto_gallery/**.ipynb",
    "auto_gallery/**.py",
    "api/generated/backreferences",
]
nitpicky = True
nitpick_ignore_regex = [
    # The word for a type in a docstring is prose, unless it names something of ours.
    (r"py:class", r"(?!actdocs\.).*"),
    (r"py:.*", r"(keras|matplotlib|numpy|scipy|tensorflow)\..*"),
]
# The second is about the checkout: names of scripts have no spaces.
suppress_warnings = ["config.cache", "sphinx_gallery.space_in_filename"]

# API pages
autosummary_generate = True
autosummary_imported_members = True
autosummary_ignore_module_all = False
autodoc_typehints = "none"
autodoc_preserve_defaults = True  # as written: a default may be a folder of this machine
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_custom_sections = [("Attributes", "params_style")]
napoleon_use_rtype = False
napoleon_use_admonition_for_examples = False
add_module_names = False
python_use_unqualified_type_names = True
toc_object_entries = False

# Chapters
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "smartquotes"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_timeout = 600
nb_execution_show_tb = True
nb_output_stderr = "remove-warn"
nb_merge_streams = True
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
notebook_pages = "learn/*-*"

# Gallery
sphinx_gallery_conf = {
    "examples_dirs": "../gallery",
    "gallery_dirs": "auto_gallery",
    "filename_pattern": r"\.py$",
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": ("extensions.figures.scrape",),
    "reset_modules": ("matplotlib", "extensions.figures.use_style"),
    "capture_repr": (),
    "write_computation_times": False,
    "min_reported_time": 1e9,
    "show_signature": False,
    "plot_gallery": True,
    "remove_config_comments": True,
    "doc_module": ("actdocs",),
    "backreferences_dir": "api/generated/backreferences",
}

# References
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "unsrt"
bibtex_reference_style = "author_year"

# Formulas
html_math_renderer = "temml"
math_eqref_format = "equation ({number})"

# Look
html_theme = "pydata_sphinx_theme"
html_title = "Activation functions"
html_static_path = ["static"]
html_favicon = "static/favicon.svg"
html_css_files = ["site.css"]
html_js_files = [("colours.js", {"priority": 1}), ("site.js", {"defer": "defer"})]
html_show_search_summary = False
html_show_sourcelink = False
html_copy_source = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "header_links_before_dropdown": 7,
    "secondary_sidebar_items": {"**": ["page-toc"], "index": []},
    "article_header_start": [],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_toc_level": 2,
    "back_to_top_button": False,
    "search_bar_text": "Search this site",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars = {
    "**": ["sidebar-nav-bs"],
    "404": [],
    "use": [],
    "index": [],
    "glossary": [],
    "atlas/index": [],
    "atlas/cheatsheet": [],
}

# Copy buttons leave out prompts and outputs.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
copybutton_selector = "div.highlight:not(.output *, .sphx-glr-script-out *) > pre"

# Hosting: a build that is to be hosted gets its address, which ends with a slash, from the environment.
html_baseurl = os.environ.get("ACTDOCS_URL") or os.environ.get("READTHEDOCS_CANONICAL_URL", "")
versions_list = os.environ.get("ACTDOCS_VERSIONS", "")  # the address of versions.json, if there are several versions
hosting_redirects = {  # page that was → page that is, both without ".html"
    "auto_gallery/5_evidence/plot_01_learning_rate": "auto_gallery/5_evidence/plot_01_rate",
}
hosting_policy = {
    "default-src": "'none'",
    # WebAssembly, in a worker from a blob, runs the reader's own function; text is never evaluated.
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "blob:",
    # Figures and Matplotlib's colours are style attributes.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    # The slides are one file, with the maths font inside.
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
hosting_headers = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
