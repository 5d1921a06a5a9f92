"""From a project on this machine to a run on the server: find it, pack it, bring it and its app over, submit.

Nothing of the project is ever executed here.
"""
