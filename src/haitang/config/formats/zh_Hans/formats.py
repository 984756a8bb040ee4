"""1,472 households: grouped by three, as ledgers and reports in China write them."""

NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","
