"""Settings of the whole test set."""

from hypothesis import HealthCheck, settings

# A generated case writes files and fills a warehouse: slow by nature, and no slower machine makes it wrong.
settings.register_profile("bulletin", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("bulletin")
