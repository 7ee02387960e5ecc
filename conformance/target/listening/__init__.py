"""The suite's own receiver of webhooks, and the subscriptions that lead to it."""
