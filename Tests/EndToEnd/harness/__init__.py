"""Starts the real executables on free ports and looks at them from outside."""
