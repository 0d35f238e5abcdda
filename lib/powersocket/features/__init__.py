"""One file a function of the manual. A model is a list of these (`powersocket.models`)."""
