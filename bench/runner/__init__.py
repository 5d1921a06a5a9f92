"""`./run bench runner`: the same cases through stock Appwright and through qgjob, on the same virtual device."""
