"""Review meetings with DfE and NHS England."""
