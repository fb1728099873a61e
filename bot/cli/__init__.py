"""What the commands of ``faro`` do, one file each."""
