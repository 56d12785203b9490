"""Who listens to what, across domains: both tables in one place."""

from lutong.domains.exchange import tasks as exchange
from lutong.kernel import events

# In the announcer's transaction, in this order.
LISTENERS: dict[type, list[events.Handler]] = {}

# After commit, by the worker, at least once.
TOPICS: dict[str, list[exchange.TopicHandler]] = {}


def connect() -> None:
    """Install both tables; called once when the application starts."""
    events.wire(LISTENERS)
    exchange.wire_topics(TOPICS)
