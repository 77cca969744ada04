"""Complaints (举报): taken in, matched to calls, routed, followed until they are answered, and weighed as evidence."""
