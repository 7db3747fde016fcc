"""The story: the whole chain, played through the running server, each step checked."""
