"""Pictures: typed rows to Vega-Lite specifications, one file an analysis, in one house style. Nothing else draws."""
