# Brings the prices up to date: docs/runbook.md. Plain ASCII, so that Windows PowerShell reads it alike in every code page.
$ErrorActionPreference = 'Stop'
Set-Location -LiteralPath (Resolve-Path -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath '..\..')).ProviderPath
& .\.venv\Scripts\python.exe -m pc ingest @args
exit $LASTEXITCODE
