"""What is shown: terminal views and exports."""
