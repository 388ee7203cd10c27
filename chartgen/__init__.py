"""chartgen: declare a frontend's runtime settings once; every place that reads or changes them agrees."""
