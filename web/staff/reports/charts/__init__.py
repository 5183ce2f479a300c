"""Charts drawn on the server: plain arithmetic from values to shapes, without a library and without JavaScript."""
