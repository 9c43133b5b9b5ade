"""The activation functions, one module a family; each decorated function is one entry of the catalogue."""

from actdocs.activations.gated import *
from actdocs.activations.linear import *
from actdocs.activations.rectifiers import *
from actdocs.activations.shrinkage import *
from actdocs.activations.sigmoids import *
from actdocs.activations.simplex import *
from actdocs.activations.smooth import *
from actdocs.activations.units import *
from actdocs.activations.waves import *
