"""Activation functions for neural networks, each defined once and checked."""

from actdocs.activations import *
from actdocs.catalogue import Activation, catalogue, get
