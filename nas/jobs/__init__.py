"""The catalog of jobs: one file each, with `run(turn) -> Outcome`; its name is the job's in configs/jobs.yaml.

It exists so that adding a job is adding a file.
"""
