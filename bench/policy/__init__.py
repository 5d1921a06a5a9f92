"""`./run bench policy`: what the rule makes of workloads, beside two plain rules and what no rule can beat."""
