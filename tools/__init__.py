"""Set-up and start of the whole site.

All but `weights` needs the standard library alone: it runs before anything is installed.
"""
