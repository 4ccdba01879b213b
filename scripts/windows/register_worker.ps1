# Registers the worker with the Task Scheduler and starts it: docs/how-to/install-the-worker-as-a-service.md.
# Plain ASCII, so that Windows PowerShell reads it alike in every code page.
param([string]$Task = 'krx-relay-worker')
$ErrorActionPreference = 'Stop'
$checkout = (Resolve-Path -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath '..\..')).ProviderPath
$python = Join-Path -Path $checkout -ChildPath '.venv\Scripts\python.exe'
if (-not (Test-Path -LiteralPath $python)) { throw "There is no $python yet. Run: python scripts\demo.py" }
$user = [System.Security.Principal.WindowsIdentity]::GetCurrent().Name
[xml]$described = Get-Content -LiteralPath (Join-Path -Path $checkout -ChildPath "configs\windows\$Task.xml") -Raw -Encoding UTF8
foreach ($one in @($described.GetElementsByTagName('UserId'))) { $one.InnerText = $user }
$described.Task.Actions.Exec.Command = $python
$described.Task.Actions.Exec.WorkingDirectory = $checkout
Register-ScheduledTask -TaskName $Task -Xml $described.OuterXml -Force | Out-Null
Start-ScheduledTask -TaskName $Task
Get-ScheduledTask -TaskName $Task
