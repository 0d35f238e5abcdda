"""What the socket does: plain Python without pins, UART, await or a clock of its own."""
