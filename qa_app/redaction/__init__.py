"""Personal data kept out of sight: text masked from what the checks found."""
