# SPDX-License-Identifier: MIT
"""What an owner gets who never sees a terminal: the remote, the quick-start cards, the manual.
words.py says what each command does in plain words, forms.py how it is filled in.
Imports docs/'s table of commands; board/ packs it, docs/ takes pictures of it.
"""
