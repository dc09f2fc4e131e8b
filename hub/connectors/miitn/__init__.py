"""Make it in the North: WordPress with WP Job Manager and The Events Calendar."""
