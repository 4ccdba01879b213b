# Ends the worker and takes it out of the Task Scheduler. Pause the queue first: ending it here kills what runs.
param([string]$Task = 'krx-relay-worker')
$ErrorActionPreference = 'Stop'
Stop-ScheduledTask -TaskName $Task
Unregister-ScheduledTask -TaskName $Task -Confirm:$false
