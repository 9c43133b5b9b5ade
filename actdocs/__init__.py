"""Activation functions for neural networks, each defined once and checked.

Importing this loads NumPy and SciPy alone; plots, data and training load what they need when they are called.
"""

from actdocs import data as data
from actdocs.activations import *
from actdocs.catalogue import Activation as Activation
from actdocs.catalogue import catalogue as catalogue
from actdocs.catalogue import get as get
from actdocs.models import create_cnn_model as create_cnn_model
from actdocs.models import create_model as create_model
from actdocs.models import create_sentiment_model as create_sentiment_model
from actdocs.models import linear_neuron as linear_neuron
from actdocs.network import Network as Network
from actdocs.plotting import plot_function as plot_function
from actdocs.plotting import plot_function_and_derivative as plot_function_and_derivative
from actdocs.training import experiment_with_activations as experiment_with_activations
from actdocs.training import train_replicas as train_replicas
