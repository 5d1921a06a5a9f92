"""Orgs: what share of the farm each of them has."""

import math

from qgjob.core.errors import FieldProblem, InvalidRequest
from qgjob.core.words import OrgId
from qgjob.store import Transaction

LEAST_WEIGHT, MOST_WEIGHT = 0.01, 100.0


def set_weight(tx: Transaction, *, org_id: OrgId, weight: float) -> None:
    """Give an org a share against the others that have work (1 where nothing is said); for jobs submitted from now on.

    Raises InvalidRequest for a weight out of bounds.
    """
    if not (math.isfinite(weight) and LEAST_WEIGHT <= weight <= MOST_WEIGHT):
        message = f"must be a number from {LEAST_WEIGHT} to {MOST_WEIGHT:g}, not {weight}"
        raise InvalidRequest(f"weight: {message}", [FieldProblem(field="weight", message=message)])
    tx.execute("set_org_weight", org_id=org_id, weight=weight)
