# Answers what waits, once, and ends: docs/runbook.md. Plain ASCII, so that Windows PowerShell reads it alike in every code page.
$ErrorActionPreference = 'Stop'
Set-Location -LiteralPath (Resolve-Path -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath '..\..')).ProviderPath
& .\.venv\Scripts\python.exe -m pc.worker --once @args
exit $LASTEXITCODE
