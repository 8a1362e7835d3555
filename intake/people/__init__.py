"""For citizens: progress behind a slip, guides, notices, ratings, signing in for an enterprise."""
