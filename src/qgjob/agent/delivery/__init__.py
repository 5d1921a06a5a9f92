"""What goes from the agent to the server, and how it gets there however long the server is away."""
