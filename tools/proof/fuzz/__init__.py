# SPDX-License-Identifier: MIT
"""Fuzzing with coverage: what any bytes must not break, and what runs atheris against it.
host_tests/corpus/ has the inputs to begin with; host_tests/test_corpus.py plays them.
Imports device code alone, as atheris has to see all that runs.
"""
