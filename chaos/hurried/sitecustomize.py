"""Python imports this by its name at every start where this folder is on PYTHONPATH: a farm in chaos hurries."""

from chaos.hurry import install

install()
