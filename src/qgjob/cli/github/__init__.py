"""What a step of GitHub Actions tells people: pure writers of one outcome, and the deeds that put it where it belongs.

Nothing here decides the colour of a job: that is the exit code of `qgjob run`.
"""
