"""`python -m qgjob`: the same as the `qgjob` command."""

from qgjob.cli.main import main

if __name__ == "__main__":
    main()
