"""A package inside a package."""

from .deep import where

__all__ = ["exported"]


def exported():
    return "exported from " + where()
