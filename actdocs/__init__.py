"""Activation functions for neural networks, each defined once and checked.

Importing this loads NumPy and SciPy alone; plots, data and training load what they need when they are called.
"""

from actdocs import data
from actdocs.activations import *
from actdocs.catalogue import Activation, catalogue, get
from actdocs.network import Network
from actdocs.plotting import plot_function, plot_function_and_derivative
