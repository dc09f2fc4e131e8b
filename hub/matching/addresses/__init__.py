"""Addresses: which web addresses name exactly one job, and whose. Start with `job_key`."""

from hub.matching.addresses.keys import JobRef, authority, compare_addresses, ids_in, job_key, job_ref, page_key, ref_of_key

__all__ = ["JobRef", "authority", "compare_addresses", "ids_in", "job_key", "job_ref", "page_key", "ref_of_key"]
