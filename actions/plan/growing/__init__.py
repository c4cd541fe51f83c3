"""An agreed plan grows by request: the ways there from its pages."""
