"""`./run bench`: measurements of qgjob, each against something else and on the same devices. It is no part of qgjob."""
