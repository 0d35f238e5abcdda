# SPDX-License-Identifier: MIT
"""The operator: message centre, calls, USSD, network time, and the TPDUs that travel.
It knows a modem only as the `Handset` that stands in operator.py.
Imports the kernel; everything in the bench may import it.
"""
