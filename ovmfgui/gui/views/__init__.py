"""What can stand in the middle of the window, a package each; ``actions/view_table`` lists them."""
