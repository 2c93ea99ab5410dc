"""The hub's own settings: goes to /opt/tljh/config/jupyterhub_config.d/course.py."""

c = get_config()  # noqa: F821 (traitlets defines it)
c.Spawner.default_url = "/lab"
# Numeric libraries would start a thread for each processor of the machine, for each learner.
c.Spawner.environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
# Seconds, since a whole class starts at once.
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
# A server that nobody has used for an hour gives its memory back.
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=1800",
    "--MappingKernelManager.cull_connected=True",
    "--ServerApp.shutdown_no_activity_timeout=3600",
]
